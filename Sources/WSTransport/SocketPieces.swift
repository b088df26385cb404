import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Sends writes one by one without the channel's overhead.
///
/// A load case writes sixteen thousand pieces of 64 octets. For each of them, the channel needs nearly as much time as
/// the system: without it `limits/chopped-*` take a fifth less time.
///
/// It is only for channels without a security layer, because that has to see every octet.
enum SocketPieces {
    /// Sends octets in pieces of a size, each with its own system call, as long as the network accepts them.
    ///
    /// Nothing is sent while the channel has octets of earlier writes, or if the system would raise a signal.
    ///
    /// - Returns: How many octets were sent. The channel has to write the rest, and handles errors.
    static func send(_ octets: [UInt8], pieces size: Int, on context: ChannelHandlerContext) -> Int {
        #if os(Linux)
        guard size > 0, let buffered = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes),
            buffered == 0
        else {
            return 0
        }
        let sent = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            socket in
            unsafe octets.withUnsafeBytes { octets in
                var done = 0
                while done < octets.count {
                    let piece = unsafe UnsafeRawBufferPointer(rebasing: octets[done..<min(done + size, octets.count)])
                    let count = unsafe systemSend(socket, piece.baseAddress, piece.count)
                    if count > 0 { done += count }
                    if count < piece.count { break }
                }
                return done
            }
        }
        return sent ?? 0
        #else
        return 0
        #endif
    }
}

#if os(Linux)
/// The system's send, because the type above has a function of the same name.
private func systemSend(_ socket: Int32, _ octets: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe send(socket, octets, count, Int32(MSG_NOSIGNAL))
}
#endif
