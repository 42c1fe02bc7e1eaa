import '.';
