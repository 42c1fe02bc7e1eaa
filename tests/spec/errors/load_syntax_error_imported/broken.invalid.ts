let 1x = 2;
