// call SECONDS: makes one system call flat out, and at the end the same with another argument.
#include <time.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct timespec moment = { .tv_nsec = 200000000 };
	time_t end = time(NULL) + atoi(argv[1]);
	unsigned long long calls = 0;

	while (time(NULL) < end)
		for (int i = 0; i < 100; i++, calls++)
			getpgid(0);
	printf("offered %llu\n", calls);
	// The last one may find no room either.
	for (int i = 0; i < 10; i++) {
		nanosleep(&moment, NULL);
		getpgid(1);
	}
	return 0;
}
