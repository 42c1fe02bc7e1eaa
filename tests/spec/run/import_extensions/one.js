export { mts as js } from './four.mts';
