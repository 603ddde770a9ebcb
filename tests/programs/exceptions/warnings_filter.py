import sys
import warnings


def show(message, category, filename, lineno, file=None, line=None):
    print("SHOW", category.__name__, message, lineno)


warnings.showwarning = show
warnings.simplefilter("default")


def old():
    warnings.warn("old is deprecated", DeprecationWarning, stacklevel=2)


for _ in range(3):
    old()
old()
warnings.simplefilter("always")
for _ in range(2):
    old()
warnings.simplefilter("ignore")
old()
warnings.simplefilter("error", UserWarning)
for category in (UserWarning, RuntimeWarning):
    try:
        warnings.warn("as error", category)
        print("passed", category.__name__)
    except Warning as e:
        print("raised", repr(e))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("one")
    warnings.warn(DeprecationWarning("instance"))
    exec(compile("x = 1 is 1", "<c>", "exec"))
    print([(w.category.__name__, str(w.message), w.filename.startswith("<") or "file") for w in caught])
warnings.resetwarnings()
print(len(warnings.filters))
warnings.filterwarnings("error", message="bad.*", category=UserWarning)
warnings.filterwarnings("ignore", message="meh")
for text in ("badly", "meh", "fine"):
    try:
        warnings.warn(text)
    except UserWarning as e:
        print("error", e)
for call in (lambda: warnings.warn("x", int), lambda: warnings.warn(), lambda: warnings.simplefilter("nope"), lambda: warnings.filterwarnings("ignore", lineno=-1), lambda: warnings.warn("x", stacklevel="a")):
    try:
        call()
    except Exception as e:
        print(type(e).__name__, e)


@warnings.deprecated("use new()")
def gone():
    return 5


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(gone(), gone.__deprecated__, caught[0].message)
sys.stderr = sys.stdout
warnings.showwarning = warnings._showwarning_orig
warnings.simplefilter("always")
warnings.warn_explicit("explicit", UserWarning, "some_file.py", 7, source=None)
