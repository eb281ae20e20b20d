const ACCENTED: Record<string, string> = Object.fromEntries(
  [..."aAeEiIoOuUcCnNsSyY"].map((letter, at) => [letter, [..."áÁéÉíÍóÓúÚçÇñÑšŠýÝ"][at] ?? letter]),
);

/** Longer than English by about a third, as many languages are. */
const LONGER = 0.35;

/** English that reads as another language: accented, longer and between brackets, so that what is
 * cut off, what is not translated and what only fits English is seen. */
export function pseudo(text: string): string {
  const parts = text.split(/(\{\w+\})/);
  const accented = parts.map((part) =>
    part.startsWith("{") ? part : [...part].map((letter) => ACCENTED[letter] ?? letter).join(""),
  );
  return `⟦${accented.join("")}${"·".repeat(Math.ceil(text.length * LONGER))}⟧`;
}
