import CWslay
import NIOCore
import NIOEmbedded
import NIOWebSocket
import WSKernels
import WSProtocol

/// Reads the stream once and returns how many messages and octets of payload came of it.
protocol DecoderUnderMeasure {
    static var name: String { get }
    static func read(_ stream: [UInt8], piece: Int) -> (messages: Int, octets: Int)
}

/// ``StreamDecoder``, with the payload unmasked into a buffer.
enum Ours: DecoderUnderMeasure {
    static let name = "wsconform StreamDecoder"

    static func read(_ stream: [UInt8], piece: Int) -> (messages: Int, octets: Int) {
        var decoder = StreamDecoder(sender: .client)
        var message: [UInt8] = []
        var (messages, octets, start) = (0, 0, 0)
        while start < stream.count {
            let end = min(start + piece, stream.count)
            let bytes = stream.span.extracting(start..<end)
            var position = 0
            while let event = decoder.next(in: bytes, at: &position) {
                switch event {
                case .payload(let chunk, let offset, _):
                    let key = decoder.currentHeader?.maskingKey?.rawValue ?? 0
                    Masking.append(bytes.extracting(chunk), key: key, phase: Int(offset & 3), to: &message)
                case .messageEnd:
                    messages += 1
                    octets += message.count
                    message.removeAll(keepingCapacity: true)
                default: break
                }
            }
            start = end
        }
        return (messages, octets)
    }
}

/// wslay's event interface, as Debian ships it.
enum Wslay: DecoderUnderMeasure {
    static let name = "wslay 1.1.1"

    @safe private struct State {
        var next: UnsafePointer<UInt8>?
        var left = 0
        var messages = 0
        var octets = 0
    }

    static func read(_ stream: [UInt8], piece: Int) -> (messages: Int, octets: Int) {
        var state = State()
        unsafe withUnsafeMutablePointer(to: &state) { state in
            var callbacks = wslay_event_callbacks()
            unsafe callbacks.recv_callback = { context, octets, size, _, user in
                guard let state = unsafe user?.assumingMemoryBound(to: State.self) else { return -1 }
                let count = unsafe min(size, state.pointee.left)
                guard count > 0, let next = unsafe state.pointee.next else {
                    unsafe wslay_event_set_error(context, Int32(WSLAY_ERR_WOULDBLOCK.rawValue))
                    return -1
                }
                unsafe octets?.update(from: next, count: count)
                unsafe state.pointee.next = next + count
                unsafe state.pointee.left -= count
                return count
            }
            unsafe callbacks.on_msg_recv_callback = { _, message, user in
                guard let state = unsafe user?.assumingMemoryBound(to: State.self) else { return }
                unsafe state.pointee.messages += 1
                unsafe state.pointee.octets += message?.pointee.msg_length ?? 0
            }
            var context: wslay_event_context_ptr?
            unsafe wslay_event_context_server_init(&context, &callbacks, state)
            unsafe stream.withUnsafeBufferPointer { stream in
                var start = 0
                while start < stream.count {
                    let count = min(piece, stream.count - start)
                    unsafe state.pointee.next = stream.baseAddress.map { unsafe $0 + start }
                    unsafe state.pointee.left = count
                    unsafe wslay_event_recv(context)
                    start += count
                }
            }
            unsafe wslay_event_context_free(context)
        }
        return (state.messages, state.octets)
    }
}

/// SwiftNIO's decoder in a channel of its own, with the payload unmasked as its users do.
enum NIO: DecoderUnderMeasure {
    static let name = "SwiftNIO WebSocketFrameDecoder"

    private final class Counter: ChannelInboundHandler {
        typealias InboundIn = WebSocketFrame
        var messages = 0
        var octets = 0

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            messages += 1
            octets += unwrapInboundIn(data).unmaskedData.readableBytes
        }
    }

    static func read(_ stream: [UInt8], piece: Int) -> (messages: Int, octets: Int) {
        let counter = Counter()
        let channel = EmbeddedChannel()
        let decoder = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20))
        guard (try? channel.pipeline.syncOperations.addHandlers(decoder, counter)) != nil else { return (0, 0) }
        var start = 0
        while start < stream.count {
            let end = min(start + piece, stream.count)
            _ = try? channel.writeInbound(channel.allocator.buffer(bytes: stream[start..<end]))
            start = end
        }
        _ = try? channel.finish()
        return (counter.messages, counter.octets)
    }
}
