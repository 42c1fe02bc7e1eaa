await new Promise((resolve) => setTimeout(resolve, 1));
import('lodash');
console.log('end');
