#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The value of `SO_LINGER`.
func linger(on: Bool, seconds: Int32) -> linger {
    var value = linger()
    value.l_onoff = on ? 1 : 0
    value.l_linger = seconds
    return value
}
