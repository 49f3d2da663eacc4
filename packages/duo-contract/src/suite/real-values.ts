/** Where phone numbers and mail addresses stand that are not invented; they are not repeated. */
export function realValues(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, n) => [
      ...(line.match(/\+\d{7,}/g) ?? [])
        .filter((phone) => !/^\+155555501\d\d$/.test(phone))
        .map(() => `line ${n + 1}: a phone number that is not +155555501xx`),
      ...(line.match(/[\w.+-]+@[\w.-]+/g) ?? [])
        .filter((mail) => !/@example\.(com|org|net)$/.test(mail))
        .map(() => `line ${n + 1}: a mail address that is not at example.com`),
    ]);
}
