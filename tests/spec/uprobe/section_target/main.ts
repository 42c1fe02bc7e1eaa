import { shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

const libraries = ['yeet-shop'];
await watchCalls({ on_section: null, on_section_ret: null, on_section_glob: null }, libraries);
await watchCalls({ on_section: shop('shop_open') }, libraries);
