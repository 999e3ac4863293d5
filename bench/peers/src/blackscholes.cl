#define RATE 0.02f
#define VOL 0.3f

// The cumulative normal distribution, by Abramowitz and Stegun 26.2.17.
static float normal(float d) {
    float k = 1.0f / (1.0f + 0.2316419f * fabs(d));
    float p = k * (0.31938153f + k * (-0.356563782f + k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f))));
    float c = 0.39894228f * exp(-0.5f * d * d) * p;
    return d > 0 ? 1.0f - c : c;
}

kernel void blackscholes(global const float *price, global const float *strike, global const float *years,
                         global float *call, global float *put) {
    size_t i = get_global_id(0);
    float s = price[i], k = strike[i], t = years[i];
    float root = VOL * sqrt(t);
    float d1 = (log(s / k) + (RATE + 0.5f * VOL * VOL) * t) / root, d2 = d1 - root;
    float n1 = normal(d1), n2 = normal(d2), discount = k * exp(-RATE * t);
    call[i] = s * n1 - discount * n2;
    put[i] = discount * (1.0f - n2) - s * (1.0f - n1);
}
