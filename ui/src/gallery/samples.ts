/** Names as a server may send them, in letters that the font of the pictures has. */
export const LONG = "A very long name نص من اليمين ☂ that goes on and on";
export const HOSTILE = '<img src=x onerror="alert(1)"> & {what}';

export const nothing = (): void => {};
