import FuzzHarness
import WSFuzzing
import ZlibReference

private nonisolated(unsafe) var body = DeflateBody<ZlibInflater>()

/// Called by libFuzzer with each input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe Harness.run(&body, octets, count)
}
