import './lib/a.ts';
