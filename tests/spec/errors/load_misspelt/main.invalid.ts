import './presnet.ts';
