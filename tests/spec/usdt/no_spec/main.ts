import { failure } from '../../../fixtures/spec/check.ts';
import sales from '../../../fixtures/uprobe/sales.bpf.o';

console.log(await failure(() => sales.attach('on_done', false).attach('on_sale').start()));
