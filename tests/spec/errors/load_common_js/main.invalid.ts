import './old.cjs';
