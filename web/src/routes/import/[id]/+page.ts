import { m } from '#lib/paraglide/messages.js';

export const load = ({ params }: { params: { id: string } }) => ({ id: params.id, title: m.importing_title() });
