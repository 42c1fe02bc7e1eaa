mkfifo pipe
sleep 10 <pipe &
reader=$!
yeet run main.ts >pipe &
script=$!
sleep 0.7
start=$(date +%s%N)
kill -TERM $script
wait $script
code=$?
kill $reader
took=$((($(date +%s%N) - start) / 1000000))
[ $took -lt 3000 ] && echo "exit $code, soon" || echo "exit $code after $took ms"
