import _pkg as parent
ok = "early" ; print("early runs", hasattr(parent, "deep"))
