"""Floating point that must agree to the last bit: planets, waves, fractals, quadrature."""
import math


def advance(bodies, dt, n):
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1 :]]
    for _ in range(n):
        for a, b in pairs:
            d = [p - q for p, q in zip(a[0], b[0])]
            mag = dt / (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) ** 1.5
            for k in range(3):
                a[1][k] -= d[k] * b[2] * mag
                b[1][k] += d[k] * a[2] * mag
        for r, v, _m in bodies:
            for k in range(3):
                r[k] += dt * v[k]


def energy(bodies):
    e = 0.0
    for i, (r, v, m) in enumerate(bodies):
        e += 0.5 * m * sum(x * x for x in v)
        for r2, _, m2 in bodies[i + 1 :]:
            e -= m * m2 / math.dist(r, r2)
    return e


sun = [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 39.47841760435743]
jupiter = [[4.84143144246472090, -1.16032004402742839, -0.103622044471123109], [0.6063263929958321, 2.81198684491626, -0.02521836165988763], 0.03769367487038949]
saturn = [[8.34336671824457987, 4.12479856412430479, -0.403523417114321381], [-1.0107743461787924, 1.8256623712304119, 0.008415761376584154], 0.011286326131968767]
bodies = [sun, jupiter, saturn]
print(repr(energy(bodies)))
advance(bodies, 0.01, 200)
print(repr(energy(bodies)), [repr(x) for x in sun[0]])


def mandelbrot(width, height, limit):
    for y in range(height):
        line = ""
        for x in range(width):
            z = c = complex(3 * x / width - 2.2, 2.4 * y / height - 1.2)
            for n in range(limit):
                if abs(z) > 2:
                    break
                z = z * z + c
            else:
                n = limit
            line += " .:-=+*#%@"[n * 9 // limit]
        print(line.rstrip())


mandelbrot(48, 20, 30)


def simpson(f, a, b, n):
    h = (b - a) / n
    return h / 3 * (f(a) + f(b) + sum((4 if i % 2 else 2) * f(a + i * h) for i in range(1, n)))


print(simpson(math.sin, 0, math.pi, 100), simpson(lambda x: math.exp(-x * x), -3, 3, 200))
x = 0.5
for _ in range(100):
    x = 3.99 * x * (1 - x)
print(x)


def fft(v):
    n = len(v)
    if n == 1:
        return v
    even, odd = fft(v[::2]), fft(v[1::2])
    w = [complex(math.cos(-2 * math.pi * k / n), math.sin(-2 * math.pi * k / n)) * odd[k] for k in range(n // 2)]
    return [e + t for e, t in zip(even, w)] + [e - t for e, t in zip(even, w)]


spectrum = fft([math.sin(2 * math.pi * 3 * t / 16) for t in range(16)])
print([round(abs(c), 9) for c in spectrum])
print(sum(1 / (k * k) for k in range(1, 10001)), math.fsum(1 / (k * k) for k in range(1, 10001)))
