/** Names of the pictures that layers and features refer to. Pure: who draws them needs a canvas, who names them does not. */

export const markName = (level: string, late: boolean, chosen: boolean) => `mark-${level}${late ? '-late' : ''}${chosen ? '-chosen' : ''}`;
export const placeNameImage = (code: string) => `name-${code}`;
