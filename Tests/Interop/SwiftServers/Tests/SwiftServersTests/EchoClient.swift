import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// Why a client has no connection.
enum ClientError: Error {
    /// The address is none of the form `ws://HOST:PORT/…`.
    case badAddress(String)
    /// The other side did not switch protocols.
    case notUpgraded
}

/// Connects to an address with SwiftNIO's `NIOWebSocket`, echoes what comes, and returns when the connection has ended.
@Sendable
func connectAndEcho(_ url: String) async throws {
    let parts = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "ws:", let slash = parts[2].firstIndex(of: "/") else {
        throw ClientError.badAddress(url)
    }
    let authority = parts[2][..<slash].split(separator: ":")
    guard authority.count == 2, let host = authority.first, let port = Int(authority[1]) else {
        throw ClientError.badAddress(url)
    }
    let request = HTTPRequestHead(
        version: .http1_1,
        method: .GET,
        uri: String(parts[2][slash...]),
        headers: ["Host": "\(host):\(port)"]
    )
    let upgraded = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: String(host), port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                let upgrade = NIOTypedHTTPClientUpgradeConfiguration(
                    upgradeRequestHead: request,
                    upgraders: [NIOTypedWebSocketClientUpgrader(upgradePipelineHandler: echo)],
                    notUpgradingCompletionHandler: { channel in
                        channel.close(promise: nil)
                        return channel.eventLoop.makeFailedFuture(ClientError.notUpgraded)
                    }
                )
                var configuration = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: upgrade)
                // NIO's default drops frames that come in one segment with the 101.
                configuration.leftOverBytesStrategy = .forwardBytes
                return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                    configuration: configuration
                )
            }
        }
    let channel = try await upgraded.get()
    try await channel.closeFuture.get()
}

/// Makes a channel one of WebSocket messages that come back.
@Sendable
private func echo(_ channel: any Channel, _ response: HTTPResponseHead) -> EventLoopFuture<any Channel> {
    channel.eventLoop.makeCompletedFuture {
        let aggregator = NIOWebSocketFrameAggregator(
            minNonFinalFragmentSize: 0,
            maxAccumulatedFrameCount: 1 << 17,
            maxAccumulatedFrameSize: 1 << 26
        )
        try channel.pipeline.syncOperations.addHandlers([aggregator, EchoHandler(isClient: true)])
        return channel
    }
}
