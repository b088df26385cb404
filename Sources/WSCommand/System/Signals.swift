import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Calls a function on SIGINT, SIGTERM, SIGQUIT or SIGHUP.
///
/// The first signal is handled here. A later one ends the program at once, unless it follows immediately: `timeout` and
/// shells send the same signal to a process and to its group. SIGHUP never does, because a closing terminal sends
/// several.
struct Signals {
    private let sources: [any DispatchSourceSignal]

    /// The signals to handle; not SIGHUP if the parent process ignores it, as `nohup` does.
    private static let numbers = [SIGINT, SIGTERM, SIGQUIT] + (isIgnored(SIGHUP) ? [] : [SIGHUP])

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Glibc)
        let handler = unsafe action.__sigaction_handler.sa_handler
        #elseif canImport(Musl)
        let handler = unsafe action.__sa_handler.sa_handler
        #else
        let handler = unsafe action.__sigaction_u.__sa_handler
        #endif
        // SIG_IGN is the number 1 instead of a function; SIG_DFL is nil.
        return unsafe unsafeBitCast(handler, to: Int.self) == 1
    }

    /// How long after the first signal the same signal is ignored.
    private static let echo = Duration.milliseconds(500)

    /// Begins to handle the signals, and returns when all handlers are in place.
    ///
    /// - Parameter handle: Called for the first signal.
    init(_ handle: @escaping @Sendable () -> Void) async {
        let first = FirstSignal()
        var sources: [any DispatchSourceSignal] = []
        for number in Self.numbers {
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                switch first.come() {
                case nil: handle()
                case let elapsed? where elapsed < Self.echo || number == SIGHUP: break
                default:
                    _ = signal(number, SIG_DFL)
                    raise(number)
                }
            }
            await withCheckedContinuation { isListening in
                // The default action stays in place until Dispatch listens: a signal that is ignored before that would
                // be lost, and the program would never end. On Linux, Dispatch then installs its own handler.
                source.setRegistrationHandler {
                    #if canImport(Darwin)
                    _ = signal(number, SIG_IGN)
                    #endif
                    isListening.resume()
                }
                source.resume()
            }
            sources.append(source)
        }
        self.sources = sources
    }

    /// Stops handling the signals; the default actions apply again.
    func cancel() {
        for source in sources { source.cancel() }
        for number in Self.numbers { _ = signal(number, SIG_DFL) }
    }

    /// Waits for one of the signals.
    ///
    /// - Parameter ready: Called when the handlers are in place, so that somebody may send a signal.
    static func first(_ ready: () -> Void) async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let signals = await Signals { continuation.finish() }
        ready()
        for await _ in stream {}
        signals.cancel()
    }
}

/// The time of the first signal.
private final class FirstSignal: Sendable {
    private let moment = Mutex<ContinuousClock.Instant?>(nil)

    /// Notes a signal.
    ///
    /// - Returns: The time since the first one; nil if this is the first.
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
