package import WSFuzzing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What stands between libFuzzer and a fuzz body.
package enum Harness {
    /// How often each input is run: more than once only to measure the time that it takes.
    private static let repeats = environment("WSCONFORM_FUZZ_REPEAT").flatMap { Int($0) } ?? 1

    /// Runs a body on what libFuzzer hands over; a finding ends the process, which makes libFuzzer keep the input.
    ///
    /// - Parameters:
    ///   - body: the body, which keeps its buffers.
    ///   - octets: the first octet; nil for an empty input.
    ///   - count: how many octets there are.
    /// - Returns: zero, as libFuzzer wants it.
    package static func run(_ body: inout some FuzzBody, _ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        let buffer = unsafe UnsafeBufferPointer(start: octets, count: octets == nil ? 0 : count)
        for _ in 0..<max(1, repeats) {
            if let finding = body.run(unsafe Span(_unsafeElements: buffer)) { report(finding) }
        }
        return 0
    }

    /// The value of an environment variable.
    package static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    private static func report(_ finding: Finding) -> Never {
        // One write, so that the lines of several jobs do not mix.
        let text = Array("FINDING: does not hold: \(finding)\n".utf8)
        _ = unsafe text.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        abort()
    }
}
