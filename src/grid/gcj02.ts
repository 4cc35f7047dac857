/**
 * GCJ-02 (国测局坐标), the shifted coordinates of maps in mainland China. Some phones write them into photos although EXIF means WGS-84: the photo
 * then seems to be taken some 500 m away. Pure.
 *
 * The shift as published in 2010 from the public test of the "eviltransform" formula; it is smooth, so taking it off at the shifted point is right to
 * within 2 m.
 */
interface LngLat {
  readonly lng: number;
  readonly lat: number;
}

const SEMI_MAJOR_M = 6_378_245;
const ECCENTRICITY = 0.006_693_421_622_965_943;

/** The WGS-84 point that a GCJ-02 point stands for, to within 2 m. */
export function fromGcj02(at: LngLat): LngLat {
  const by = shiftDegrees(at);
  return { lng: at.lng - by.lng, lat: at.lat - by.lat };
}

/** Where maps in GCJ-02 draw a WGS-84 point: the formula as it is published. */
export function toGcj02(at: LngLat): LngLat {
  const by = shiftDegrees(at);
  return { lng: at.lng + by.lng, lat: at.lat + by.lat };
}

function shiftDegrees({ lng, lat }: LngLat): LngLat {
  const shift = shiftAt(lng - 105, lat - 35);
  const radians = (lat * Math.PI) / 180;
  const magic = 1 - ECCENTRICITY * Math.sin(radians) ** 2;
  const dLat = (shift.lat * 180) / (((SEMI_MAJOR_M * (1 - ECCENTRICITY)) / magic ** 1.5) * Math.PI);
  const dLng = (shift.lng * 180) / ((SEMI_MAJOR_M / Math.sqrt(magic)) * Math.cos(radians) * Math.PI);
  return { lng: dLng, lat: dLat };
}

/** Metres. */
function shiftAt(x: number, y: number): LngLat {
  const wave = (at: number, parts: readonly (readonly [number, number])[]) =>
    parts.reduce((sum, [size, period]) => sum + (size * Math.sin((at * Math.PI) / period) * 2) / 3, 0);
  const ripple = wave(x, [
    [20, 1 / 6],
    [20, 1 / 2],
  ]);
  return {
    lat:
      -100 +
      2 * x +
      3 * y +
      0.2 * y * y +
      0.1 * x * y +
      0.2 * Math.sqrt(Math.abs(x)) +
      ripple +
      wave(y, [
        [20, 1],
        [40, 3],
        [160, 12],
        [320, 30],
      ]),
    lng:
      300 +
      x +
      2 * y +
      0.1 * x * x +
      0.1 * x * y +
      0.1 * Math.sqrt(Math.abs(x)) +
      ripple +
      wave(x, [
        [20, 1],
        [40, 3],
        [150, 12],
        [300, 30],
      ]),
  };
}
