# Counts the files below a folder every minute, with a pipeline and a list.
folder=${1:-.}
while true; do
  cd "$folder" && find . -type f | wc -l
  sleep 60
done
