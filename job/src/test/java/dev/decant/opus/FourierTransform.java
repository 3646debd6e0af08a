package dev.decant.opus;

/**
 * The discrete Fourier transform of a length whose prime factors are 2, 3 and 5: Stockham's, which needs no reordering
 * at its end.
 */
final class FourierTransform {
    private static final int[] RADICES = {4, 2, 3, 5};

    private final int length;
    private final double[] cos;
    private final double[] sin;

    private double[] real;
    private double[] imaginary;
    private double[] nextReal;
    private double[] nextImaginary;

    FourierTransform(int length) {
        this.length = length;
        cos = new double[length];
        sin = new double[length];
        for (int i = 0; i < length; i++) {
            cos[i] = Math.cos(2 * Math.PI * i / length);
            sin[i] = Math.sin(2 * Math.PI * i / length);
        }
        real = new double[length];
        imaginary = new double[length];
        nextReal = new double[length];
        nextImaginary = new double[length];
    }

    /** Sets a value of the signal; {@link #run} wants all of them anew. */
    void set(int index, double realPart, double imaginaryPart) {
        real[index] = realPart;
        imaginary[index] = imaginaryPart;
    }

    /** Turns the signal into its spectrum. */
    void run() {
        int stride = 1;
        int remaining = length;
        for (int radix : RADICES) {
            while (remaining % radix == 0) {
                remaining /= radix;
                pass(radix, remaining, stride);
                stride *= radix;
                swap();
            }
        }
    }

    double real(int bin) {
        return real[bin];
    }

    double imaginary(int bin) {
        return imaginary[bin];
    }

    /** Transforms of {@code radix} values each, so that {@code radix} times as many of {@code count} are left to do. */
    private void pass(int radix, int count, int stride) {
        for (int k = 0; k < count; k++) {
            for (int out = 0; out < radix; out++) {
                // exp(-2πi · (in · out / radix + k · out / (radix · count))), as an index into the circle
                int angle = k * out * stride;
                int turn = out * (length / radix);
                int to = stride * (radix * k + out);
                for (int in = 0; in < radix; in++) {
                    add(stride * (k + count * in), angle, to, stride, in == 0);
                    angle = (angle + turn) < length ? angle + turn : angle + turn - length;
                }
            }
        }
    }

    /** Adds {@code values} in a row to others, turned by an angle. */
    private void add(int from, int angle, int to, int values, boolean isFirst) {
        double c = cos[angle];
        double s = sin[angle];
        for (int i = 0; i < values; i++) {
            double re = c * real[from + i] + s * imaginary[from + i];
            double im = c * imaginary[from + i] - s * real[from + i];
            nextReal[to + i] = isFirst ? re : nextReal[to + i] + re;
            nextImaginary[to + i] = isFirst ? im : nextImaginary[to + i] + im;
        }
    }

    private void swap() {
        double[] real = this.real;
        double[] imaginary = this.imaginary;
        this.real = nextReal;
        this.imaginary = nextImaginary;
        nextReal = real;
        nextImaginary = imaginary;
    }
}
