console.log('never: the graph is not complete');
