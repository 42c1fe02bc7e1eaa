const before = 1;
import fs = require('fs');

console.log(before, fs);
