"""Importing much of the library."""
import argparse
import asyncio
import collections
import dataclasses
import datetime
import email
import functools
import json
import logging
import pathlib
import re
import subprocess
import tempfile
import typing
import unittest
import urllib.parse
