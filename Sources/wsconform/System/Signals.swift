import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Turns SIGINT and SIGTERM into a call.
///
/// The first signal is ours. One that comes later ends the program at once, unless it comes right behind: `timeout` and
/// shells send the same signal to a process and to its group.
struct Signals {
    private let sources: [any DispatchSourceSignal]

    /// How long after the first a signal is still the same one.
    private static let echo = Duration.milliseconds(500)

    /// Begins to listen for both signals.
    ///
    /// - Parameter handle: called for the first signal.
    init(_ handle: @escaping @Sendable () -> Void) {
        let first = FirstSignal()
        sources = [SIGINT, SIGTERM].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // Until Dispatch looks, the default action stands: a signal that is ignored while nobody looks is lost, and
            // the program would never end. On Linux Dispatch then puts a handler of its own in its place.
            #if canImport(Darwin)
            source.setRegistrationHandler { _ = signal(number, SIG_IGN) }
            #endif
            source.setEventHandler {
                switch first.come() {
                case nil: handle()
                case let elapsed? where elapsed < Self.echo: break
                default:
                    _ = signal(number, SIG_DFL)
                    raise(number)
                }
            }
            source.resume()
            return source
        }
    }

    /// Stops listening; the default holds again.
    func cancel() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
    }

    /// Waits until one of the signals has come.
    static func first() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let signals = Signals { continuation.finish() }
        for await _ in stream {}
        signals.cancel()
    }
}

/// The moment of the first signal.
private final class FirstSignal: Sendable {
    private let moment = Mutex<ContinuousClock.Instant?>(nil)

    /// Notes a signal.
    ///
    /// - Returns: the time since the first; nil when this is the first.
    func come() -> Duration? {
        moment.withLock { moment in
            guard let first = moment else {
                moment = .now
                return nil
            }
            return first.duration(to: .now)
        }
    }
}
