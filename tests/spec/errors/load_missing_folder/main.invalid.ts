import './nowhere/x.ts';
