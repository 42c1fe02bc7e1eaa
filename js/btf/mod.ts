/** BTF and the values it describes: parsing, and generated code between bytes and JavaScript values. Pure: no ops, no Node. */

export { Btf, type DataSection, type RawMember, type Variable } from './btf.ts';
export { type Codec, codecOf, rawCodec } from './codec.ts';
export { BtfError, ValueError } from './errors.ts';
export { Kind } from './format.ts';
export { lpmKeyCodec } from './lpm.ts';
export { type RecordDecoder, rawRecordDecoder, recordDecoder } from './record.ts';
export { type SectionCodec, type Store, sectionCodec } from './section.ts';
export { didYouMean, nearest } from './suggest.ts';
export { decodeUtf8 } from './utf8.ts';
export { Views } from './views.ts';
