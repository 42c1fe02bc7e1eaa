import './present.js';
