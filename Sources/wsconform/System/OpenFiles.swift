#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How many files and connections this process may have open at a time.
enum OpenFiles {
    /// Raises the limit as far as the system lets us.
    ///
    /// - Returns: the limit then; nil where the system does not say.
    static func raiseLimit() -> Int? {
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return nil }
        let wanted = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
        if limit.rlim_cur < limit.rlim_max,
            unsafe withUnsafePointer(to: wanted, { unsafe setrlimit(resource, $0) }) == 0
        {
            limit = wanted
        }
        return Int(clamping: limit.rlim_cur)
    }
}
