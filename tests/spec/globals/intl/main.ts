const n = 1234567.891;
const date = new Date(Date.UTC(2024, 1, 29, 13, 5));
for (const locale of ['en', 'de', 'fr', 'ja', 'ar-EG', 'hi', 'th', 'ru', 'he', 'sw']) {
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' }).format(date);
  console.log(
    locale,
    new Intl.NumberFormat(locale).format(n),
    full,
    [0, 1, 2, 5].map((x) => new Intl.PluralRules(locale).select(x)).join(),
  );
}
console.log(
  ['z', 'ä', 'a', 'Z', 'o', 'ö'].sort(new Intl.Collator('de').compare).join(''),
  ['z', 'ä', 'a'].sort(new Intl.Collator('sv').compare).join(''),
);
console.log(
  [...new Intl.Segmenter('ja', { granularity: 'word' }).segment('今日は良い天気です')]
    .map((part) => part.segment)
    .join('|'),
);
console.log(
  new Intl.ListFormat('ar').format(['أ', 'ب', 'ج']),
  new Intl.DisplayNames('ja', { type: 'region' }).of('DE'),
);
console.log(
  new Intl.RelativeTimeFormat('de', { numeric: 'auto' }).format(-1, 'day'),
  (1234.5).toLocaleString('de-DE', { style: 'currency', currency: 'EUR' }),
);
console.log(
  date.toLocaleString('ar-EG', { timeZone: 'Africa/Cairo' }),
  date.toLocaleDateString('ja-JP-u-ca-japanese', { timeZone: 'Asia/Tokyo' }),
);
console.log('İ'.toLocaleLowerCase('tr'), 'i'.toLocaleUpperCase('tr'), 'ǆ'.normalize('NFKD'));
