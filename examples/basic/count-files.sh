# Counts the files below a folder, each minute, with a pipe and a list.
folder=${1:-.}
while true; do
  cd "$folder" && find . -type f | wc -l
  sleep 60
done
