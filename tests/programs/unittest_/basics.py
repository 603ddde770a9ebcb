import unittest, io, unittest.mock as mock
class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls): print("setUpClass")
    def setUp(self): self.x = 1; self.addCleanup(print, "cleanup")
    def test_ok(self): self.assertEqual(self.x, 1); self.assertTrue(1); self.assertIn(1, [1]); self.assertAlmostEqual(0.1 + 0.2, 0.3); self.assertIsNone(None); self.assertRaises(ValueError, int, "x"); self.assertCountEqual([1, 2], [2, 1]); self.assertRegex("abc", "b")
    def test_fail(self): self.assertEqual([1, 2, 3], [1, 9, 3], "my msg")
    def test_dict(self): self.assertEqual({"a": 1, "b": [1]}, {"a": 2})
    def test_text(self): self.assertEqual("line1\nline2\n", "line1\nlineX\n")
    def test_error(self): raise KeyError("boom")
    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i, 1)
    @unittest.skip("reason")
    def test_skip(self): pass
    @unittest.expectedFailure
    def test_xfail(self): self.fail()
    @unittest.expectedFailure
    def test_xpass(self): pass
    def test_raises(self):
        with self.assertRaisesRegex(ValueError, "invalid literal") as cm: int("q")
        print(type(cm.exception).__name__)
        with self.assertWarns(UserWarning): __import__("warnings").warn("w")
        with self.assertLogs("lg", "INFO") as lg: __import__("logging").getLogger("lg").info("hello %s", "x")
        print(lg.output)
class A(unittest.IsolatedAsyncioTestCase):
    async def test_async(self): import asyncio; await asyncio.sleep(0); self.assertEqual(1, 1)
out = io.StringIO()
s = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(c) for c in (T, A))
r = unittest.TextTestRunner(stream=out, verbosity=2).run(s)
import re; print(re.sub(r"in [\d.]+s", "in Ns", re.sub(r'File "[^"]*[/\\]', 'File "', out.getvalue())))
print(r.testsRun, len(r.failures), len(r.errors), len(r.skipped), len(r.expectedFailures), len(r.unexpectedSuccesses), r.wasSuccessful())
m = mock.Mock(return_value=5, name="m"); print(m(1, a=2), m.call_args, m.called, m.call_count, m.x.y(3) is m.x.y(), m.mock_calls, m.x is m.x); m.assert_called_once_with(1, a=2)
try: m.assert_called_with(9)
except AssertionError as e: print(e)
m.side_effect = [1, ValueError("se")]; print(m());
try: m()
except ValueError as e: print(e)
with mock.patch("os.getcwd", return_value="/patched") as p: import os; print(os.getcwd(), p.called)
mm = mock.MagicMock(); mm.__len__.return_value = 7; mm["k"] = 1; print(len(mm), mm.__setitem__.call_args, mock.sentinel.x, mock.ANY == 5, mock.create_autospec(lambda a: 0)(1) is not None)
with mock.patch.dict("os.environ", {"Q": "1"}), mock.patch.object(T, "setUp", lambda s: None): print(os.environ["Q"])
import doctest
def ex():
    """
    >>> 1 + 1
    2
    >>> 1 / 0
    Traceback (most recent call last):
    ZeroDivisionError: division by zero
    >>> print("a\\nb")
    a
    <BLANKLINE>
    """
rr = doctest.DocTestRunner(verbose=False); t = doctest.DocTestFinder().find(ex, "ex")[0]; o = io.StringIO(); print(rr.run(t, out=o.write)); print(re.sub(r'File "[^"]*[/\\]', 'File "', o.getvalue()))
