/** What makes a name a name: a letter, a number or an emoji. */
const VISIBLE = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Emoji_Presentation}]/u;

/** Whether people would see a name in `text`; some letters are shown as nothing. */
export function isVisibleName(text: string): boolean {
  return VISIBLE.test(text.replace(/\p{Default_Ignorable_Code_Point}/gu, ''));
}
