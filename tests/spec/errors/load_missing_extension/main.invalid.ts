import './present';
