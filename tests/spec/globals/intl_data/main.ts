// One line for each part of ICU's data: a part that is missing in the binary throws, or falls back to English.
const day = new Date(Date.UTC(2024, 1, 29, 13, 5, 9));
const text = '東京都に行きました。ภาษาไทยเขียนติดกัน ພາສາລາວ ខ្ញុំស្រលាញ់ភាសាខ្មែរ မြန်မာဘာသာစကား e\u0301';

const words = new Intl.Segmenter('en', { granularity: 'word' }).segment(text);
const letters = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment('e\u0301👨‍👩‍👧');
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' }).segment('Yes. No! Why?');

console.log(new Intl.NumberFormat('de', { style: 'currency', currency: 'EUR' }).format(1234567.891));
console.log(new Intl.NumberFormat('hi', { notation: 'compact', compactDisplay: 'long' }).format(1234567));
console.log(new Intl.NumberFormat('fr', { style: 'unit', unit: 'kilometer-per-hour', unitDisplay: 'long' }).format(88));
console.log(new Intl.NumberFormat('ar-EG').format(1234.5));
console.log(
  new Intl.DateTimeFormat('ru', { dateStyle: 'full', timeStyle: 'full', timeZone: 'Asia/Kolkata' }).format(day),
);
console.log(new Intl.DateTimeFormat('ja-u-ca-japanese', { dateStyle: 'full', timeZone: 'Asia/Tokyo' }).format(day));
console.log(new Intl.DateTimeFormat('fa-u-ca-persian', { dateStyle: 'long', timeZone: 'UTC' }).format(day));
console.log(new Intl.RelativeTimeFormat('pl').format(-5, 'week'), '/', new Intl.PluralRules('pl').select(22));
console.log(new Intl.ListFormat('es').format(['uno', 'dos', 'tres']));
console.log(
  new Intl.DisplayNames('it', { type: 'region' }).of('CN'),
  '/',
  new Intl.DisplayNames('ko', { type: 'language' }).of('pt-BR'),
);
console.log(
  ['ö', 'z', 'ä', 'a'].sort(new Intl.Collator('sv').compare).join(),
  ['中', '啊', '国'].sort(new Intl.Collator('zh').compare).join(),
);
console.log(
  [...words]
    .filter((word) => word.isWordLike)
    .map((word) => word.segment)
    .join('|'),
);
console.log([...letters].length, [...sentences].length);
console.log(
  'ﬁ①e\u0301'.normalize('NFKC'),
  'i'.toLocaleUpperCase('tr'),
  /^\p{RGI_Emoji}$/v.test('🇩🇪'),
  /^\p{CWKCF}$/u.test('Ａ'),
);
console.log(
  new TextDecoder('gb18030').decode(new Uint8Array([0xc4, 0xe3])),
  new TextDecoder('shift_jis').decode(new Uint8Array([0x82, 0xa0])),
);
console.log(
  new Intl.Locale('zh-TW').maximize().toString(),
  Intl.supportedValuesOf('timeZone').length > 400,
  Intl.supportedValuesOf('currency').length > 150,
);
