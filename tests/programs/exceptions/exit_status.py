import sys
print("goes out")
print("to stderr", file=sys.stderr)
try:
    sys.exit(3)
finally:
    print("finally runs")
