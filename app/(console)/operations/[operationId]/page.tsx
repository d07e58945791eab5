import type { Metadata } from "next";
import { OperationScreen } from "@/components/operations/operation-screen";

type Props = { params: Promise<{ operationId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `OP-${decodeURIComponent((await params).operationId)}` };
}

export default async function OperationPage({ params }: Props) {
  return <OperationScreen operationId={decodeURIComponent((await params).operationId)} />;
}
