// clang: none
int x;
