import './broken.invalid.ts';
