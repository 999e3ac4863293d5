kernel void nbody(global const float4 *bodies, global float4 *forces) {
    uint i = get_global_id(0);
    float3 at = bodies[i].xyz, force = 0;
    for (uint k = 0; k < N; k++) {
        float4 other = bodies[k];
        float3 d = other.xyz - at;
        float r = rsqrt(dot(d, d) + 0.01f);
        force += d * (other.w * r * r * r);
    }
    forces[i] = (float4)(force, 0);
}
