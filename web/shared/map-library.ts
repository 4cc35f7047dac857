/** Leaflet with its styles, as one piece that is fetched only when a map is shown. */
import 'leaflet/dist/leaflet.css';

export * as leaflet from 'leaflet';
