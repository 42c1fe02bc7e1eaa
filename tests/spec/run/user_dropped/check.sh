# Runs the script and says what its threads are once it has done everything.
coproc yeet run --user nobody main.ts 2>&1
pid=$COPROC_PID
while read -r line <&"${COPROC[0]}"; do
  echo "$line"
  [[ $line == PermissionDenied:* ]] && break
done
test "$(ls /proc/$pid/task | wc -l)" -gt 3 && echo "several threads"
cat /proc/$pid/task/*/status | grep -E '^(Uid|Gid|Groups|CapPrm|CapEff|CapAmb|NoNewPrivs):' | sed 's/[[:space:]]*$//' | sort -u
kill -TERM "$pid"
wait "$pid"
echo "exit $?"
