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

    /** One of {@code radix} transforms for each {@code stride}, which leaves transforms of {@code count} to do. */
    private void pass(int radix, int count, int stride) {
        for (int k = 0; k < count; k++) {
            for (int out = 0; out < radix; out++) {
                int to = stride * (radix * k + out);
                butterfly(radix, count, stride, k, out, to);
            }
        }
    }

    private void butterfly(int radix, int count, int stride, int k, int out, int to) {
        for (int in = 0; in < radix; in++) {
            // exp(-2πi · (in · out / radix + k · out / (radix · count))), as an index into the circle
            int angle = (in * out * (length / radix) + k * out * stride) % length;
            double c = cos[angle];
            double s = sin[angle];
            int from = stride * (k + count * in);
            for (int q = 0; q < stride; q++) {
                double re = c * real[from + q] + s * imaginary[from + q];
                double im = c * imaginary[from + q] - s * real[from + q];
                nextReal[to + q] = in == 0 ? re : nextReal[to + q] + re;
                nextImaginary[to + q] = in == 0 ? im : nextImaginary[to + q] + im;
            }
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
