import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Turns SIGINT and SIGTERM into a call.
///
/// The first signal is ours; after it the default holds again, so that a second one ends the program at once.
struct Signals {
    private let sources: [any DispatchSourceSignal]

    /// Begins to listen for both signals.
    ///
    /// - Parameter handle: called for the first signal.
    init(_ handle: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            // Dispatch sees a signal only if the default action does not end the program before.
            _ = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                _ = signal(number, SIG_DFL)
                handle()
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
