import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Turns SIGINT, SIGTERM and SIGHUP into a call.
///
/// The first signal is ours. One that comes later ends the program at once, unless it comes right behind: `timeout` and
/// shells send the same signal to a process and to its group. SIGHUP never does, as a terminal that goes away brings
/// several.
struct Signals {
    private let sources: [any DispatchSourceSignal]

    /// The signals that are listened for; SIGHUP is not where whoever started us ignores it, as `nohup` does.
    private static let numbers = [SIGINT, SIGTERM] + (isIgnored(SIGHUP) ? [] : [SIGHUP])

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
        // SIG_IGN is the number 1 in the place of a function, SIG_DFL is none.
        return unsafe unsafeBitCast(handler, to: Int.self) == 1
    }

    /// How long after the first a signal is still the same one.
    private static let echo = Duration.milliseconds(500)

    /// Begins to listen for the signals, and returns once all are listened for.
    ///
    /// - Parameter handle: called for the first signal.
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
                // Until Dispatch looks, the default action stands: a signal that is ignored while nobody looks is lost,
                // and the program would never end. On Linux Dispatch then puts a handler of its own in its place.
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

    /// Stops listening; the default holds again.
    func cancel() {
        for source in sources { source.cancel() }
        for number in Self.numbers { _ = signal(number, SIG_DFL) }
    }

    /// Waits until one of the signals has come.
    ///
    /// - Parameter ready: called once they are listened for; whoever hears of it may send one.
    static func first(_ ready: () -> Void) async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let signals = await Signals { continuation.finish() }
        ready()
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
